const lines = (...rows: readonly string[]) => `${rows.join('\n')}\n`

/** Tables of material of the small folder without a mistake, with words in both languages and aliases of units. */
export const MATERIAL_FILES: Readonly<Record<string, string>> = {
  'items.csv': lines(
    'item,name_zh,name_en,unit,grade,zones,ships_by,cubic_centimetres,source,assumed,as_of',
    'suit,防护服,Suit,suit,GB 19082-2009,red,,4000,label,cubic_centimetres,',
    'mask,医用防护口罩,Respirator,只,GB 19083-2010,red|缓冲区,盒,notTracked,label,,',
    'n95,进口口罩,N95,piece,NIOSH N95,contaminated zone,,unknown,label,,',
  ),
  'packings.csv': lines('item,packing,units,source,assumed,as_of', 'mask,盒,30,label,,', 'mask,carton,1200,label,units,'),
  'substitutes.csv': lines('item,order,substitute,source,assumed,as_of', 'mask,1,n95,desk,,'),
  'kits.csv': lines('kit,item,units,source,assumed,as_of', 'set,suit,1,desk,,', 'set,mask,2,desk,units,'),
  'norms.csv': lines(
    'norm,item,unit,per,severity,zone,role,conventional_per_mille,contingency_per_mille,crisis_per_mille,effective_from,' +
      'effective_until,source,assumed,as_of',
    'suit-red,suit,套,每人每班,,污染区,,1000,1000,500,2020-01-26,,code 75,crisis_per_mille,',
    'mask-patient,mask,piece,patientDay,重型,,,2000,2000,1000,2020-01-26,2020-02-10,judgement,*,',
    'suit-trip,suit,suit,trip,,,,3000,3000,3000,2020-01-27,,code 76,,',
  ),
  'receivers.csv': lines('place,supplied_by,opens_on,source,assumed,as_of', 'hub,,,desk,,', 'dist,两江,2020-02-01,desk,opens_on,'),
  'staff.csv': lines(
    'place,area,zone,role,people_per_shift,shifts_per_day,source,assumed,as_of',
    'hub,ward,red,nurse,4,6,roster,,',
    'dist,发热门诊,缓冲区,医生,unknown,3,roster,people_per_shift,',
  ),
  'uses.csv': lines('place,item,days,units,source,assumed,as_of', 'hub,suit,3,70,stocktake,,'),
  'sources.csv': lines('place,keep_back_per_mille,litres_per_day,source,assumed,as_of', 'store,100,notTracked,desk,,'),
  'lots.csv': lines(
    'stock,item,place,lot,units,expires_on,quarantined,authority,released,earmark,source,assumed,as_of',
    'a1,mask,store,20200101,900,2023-01-31,no,city,yes,,stocktake,,',
    'a2,suit,store,,unknown,,是,定向捐赠,yes,万州,donor,,',
    'a3,suit,hub,B-7,40,2020-02-28,no,district,yes,,stocktake,,',
  ),
  'supplies.csv': lines(
    'supply,item,place,day,units,expires_on,authority,released,earmark,source,assumed,as_of',
    's1,suit,store,2020-01-31,60,,purchase,no,hub,contract,,',
  ),
  'consignments.csv': lines(
    'consignment,item,from,to,units,arrives_on,expires_on,source,assumed,as_of', 'c1,suit,store,dist,8,2020-01-30,,desk,,',
  ),
  'requests.csv': lines(
    'request,place,item,units,urgency,asked_at,source,assumed,as_of', 'r1,dist,suit,400,紧急,2020-01-29T20:00:00+08:00,desk,,',
  ),
}
